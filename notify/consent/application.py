"""The pages of a project, ready to be served."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from notify.consent.asgi import ConsentApp
from notify.consent.offers import Offers
from notify.consent.pages import Pages
from notify.consent.texts import Texts
from notify.consent.tokens import Tokens
from notify.errors import ConfigError
from notify.rendering import FolderLoader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.consent.store import Preferences
    from notify.notifier import Notifier


def consent_app(
    notifier: Notifier,
    preferences: Preferences | None = None,
    *,
    texts: Mapping[str, Mapping[str, str]] | None = None,
) -> ConsentApp:
    """The web application on which people unsubscribe and choose.

    Args:
        notifier: whose mails have the links: its configuration, environment, catalog and plugins.
        preferences: keeps what people choose; by default the store that a plugin brings, else the outbox's database.
        texts: the words of the pages by key, by locale, as `notify.consent.texts` has them in English.

    Raises:
        ConfigError: notify.yaml does not say where people unsubscribe, there is no key, what the database needs is not
            installed, or a text is none.
        PluginError: what a plugin brings is no store.
    """
    configuration = notifier.configuration
    environment = configuration.environment(notifier.environment)
    settings = environment.unsubscribe
    if settings is None:
        raise ConfigError("nothing says where people unsubscribe: put `unsubscribe: {url: ...}` into notify.yaml")
    store = preferences if preferences is not None else notifier.preferences
    try:
        words = Texts(texts)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    own = [*configuration.templates, *notifier.plugins.templates()]
    loaders = [FolderLoader(Path(each)) if isinstance(each, (str, Path)) else each for each in own]
    brand = environment.globals.get("brand")
    return ConsentApp(
        Tokens.of(environment.unsubscribe_keys, settings.lifetime),
        store,
        Offers.of(configuration, notifier.catalog),
        Pages(loaders, brand if isinstance(brand, dict) else None, words),
    )
