// What lms/static/vendor/certificates.js is made of; VENDORED.txt says how.
export { default as decodeQR } from 'qr/decode.js';
export { verify, hashes } from '@noble/ed25519';
export { sha512 } from '@noble/hashes/sha2.js';
export { inflateSync as inflate } from 'fflate';
