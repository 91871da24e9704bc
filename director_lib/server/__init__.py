"""The Voilà host: identity, kernel firewall, media, page template."""
