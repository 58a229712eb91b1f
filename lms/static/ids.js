// Ids that this device makes, so that what it sends twice is one fact: UUIDs of version 7, as lms/web/ids.py makes them.
globalThis.makeId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16)), view = new DataView(bytes.buffer), now = Date.now();
  view.setUint32(0, now / 2 ** 16);
  view.setUint16(4, now % 2 ** 16);
  bytes[6] = bytes[6] & 0x0f | 0x70;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
