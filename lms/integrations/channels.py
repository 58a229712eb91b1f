"""The message channels that come with the program: mail, and a gateway that takes messages as JSON over HTTP.

SMS, Telegram or Zalo are a few lines behind such a gateway; a channel of one's own is a plugin.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.discovery import enabled_plugins
from lms.integrations import mail
from lms.integrations.outbound import Refused, post_json
from lms.plugins import N_, Contact, Message, Undeliverable

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.plugins import ChannelMaker, MessageChannel

LONGEST_TEXT = 1000  # a gateway cuts it into as many short messages as it must
FINAL = 500


@dataclass
class Mail:
    """Letters, through the mail server of the settings."""

    settings: Settings
    name: str = "mail"
    words: str = N_("By e-mail")

    def address(self, contact: Contact) -> str:
        """The person's e-mail address."""
        return contact.email

    def send(self, message: Message) -> None:
        """Send a letter that says with one press how to get no more."""
        text = f"{message.text}\n\n--\n{message.stop_url}\n"
        try:
            mail.send(self.settings, mail.Letter(message.key, message.to, message.subject, text, message.stop_url))
        except ValueError as error:
            raise Undeliverable(str(error)) from error
        except smtplib.SMTPException as error:
            raise (Undeliverable if _is_final(error) else OSError)(str(error)) from error


def _is_final(error: smtplib.SMTPException) -> bool:
    """Whether the mail server refused this letter for ever (5yz, RFC 5321); a grey list says 4yz."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= FINAL for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= FINAL


@dataclass
class Gateway:
    """Messages to telephones, through whatever takes `{"id", "to", "text", "language"}` at one address."""

    url: str
    token: str
    name: str = "gateway"
    words: str = N_("To the telephone")

    def address(self, contact: Contact) -> str:
        """The person's telephone number."""
        return contact.phone

    def send(self, message: Message) -> None:
        """Hand the message to the gateway, once for each id."""
        text = f"{message.text}\n{message.stop_url}"[:LONGEST_TEXT]
        body = {"id": message.key, "to": message.to, "text": text, "language": message.language}
        try:
            post_json(self.url, body, token=self.token)
        except Refused as refused:
            raise Undeliverable(f"the gateway answered {refused.args[0]}") from refused


def _mail(settings: Settings) -> Mail:
    return Mail(settings)


def _gateway(settings: Settings) -> Gateway | None:
    return Gateway(settings.gateway_url, settings.gateway_token) if settings.gateway_url else None


BUILT_IN: tuple[ChannelMaker, ...] = (_mail, _gateway)


def channels(settings: Settings) -> dict[str, MessageChannel]:
    """The channels in force, by name: ours first, then those of enabled plugins."""
    makers = (*BUILT_IN, *(make for plugin in enabled_plugins(settings.plugins) for make in plugin.channels))
    made = (make(settings) for make in makers)
    return {channel.name: channel for channel in made if channel is not None}
