"""A mail server with one account, which takes passwords over TLS only: ports, user and password are its arguments."""

import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

starttls, implicit, user, password = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode(), sys.argv[4].encode()


def check(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (user, password), handled=False)


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain("cert.pem", "key.pem")
ways = [
    Controller(None, port=starttls, tls_context=context, authenticator=check, hostname="127.0.0.1"),
    # Of a connection that is secure from its beginning the library does not know that it is.
    Controller(None, port=implicit, ssl_context=context, authenticator=check, hostname="127.0.0.1", auth_require_tls=False),
]
for way in ways:
    way.start()
sys.stdin.read()
