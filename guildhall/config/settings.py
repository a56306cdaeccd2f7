"""Django's settings, read once from the environment by `config.environment`."""

from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from guildhall.config.environment import environment

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent

_env = environment()

GUILDHALL_HOME = _env.home
GUILDHALL_BASE_URL = _env.base_url
GUILDHALL_SOURCE_URL = _env.source_url
GUILDHALL_KIND = _env.kind  # "demo": a sample hall on practice money; "own": an operator's own
GUILDHALL_TRUSTED_PROXIES = _env.trusted_proxies  # how many, or which networks they are in
GUILDHALL_RAILS = _env.rails  # the processors and banks that this hall has; none: practice money
SECRET_KEY = _env.secret_key
DEBUG = _env.debug
ALLOWED_HOSTS = _env.allowed_hosts
CSRF_TRUSTED_ORIGINS = _env.trusted_origins

INSTALLED_APPS = [
    "guildhall.kernel",
    "guildhall.ledger",
    "guildhall.files",
    "guildhall.people",
    "guildhall.skills",
    "guildhall.payments",
    "guildhall.escrow",
    "guildhall.contracts",
    "guildhall.workroom",
    "guildhall.disputes",
    "guildhall.reputation",
    "guildhall.talent",
    "guildhall.jobs",
    "guildhall.search",
    "guildhall.invoicing",
    "guildhall.earnings",
    "guildhall.insights",
    "guildhall.notices",
    "guildhall.edge",
    "guildhall.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # pages; it pads them, and tokens in them are masked
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "guildhall.edge.readable.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guildhall.edge.middleware.EdgeMiddleware",
]

ROOT_URLCONF = "guildhall.config.urls"
WSGI_APPLICATION = "guildhall.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "guildhall.web.rendering.environment",
            "extensions": ["jinja2.ext.i18n"],
        },
    },
    {
        # What libraries bring along, such as the sign-in library's e-mails.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": _env.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Signing in: the library's flows, our pages and words.
ACCOUNT_ADAPTER = "guildhall.web.people.adapter.HallAdapter"
ACCOUNT_FORMS = {
    "login": "guildhall.web.people.entrance_forms.SignInForm",
    "signup": "guildhall.web.people.entrance_forms.JoinForm",
    "request_login_code": "guildhall.web.people.entrance_forms.AskCodeForm",
    "confirm_login_code": "guildhall.web.people.entrance_forms.SignInCodeForm",
    "confirm_email_verification_code": "guildhall.web.people.entrance_forms.AddressCodeForm",
    "add_email": "guildhall.web.people.entrance_forms.NewAddressForm",
    "reset_password": "guildhall.web.people.entrance_forms.LostPasswordForm",
    "confirm_password_reset_code": "guildhall.web.people.entrance_forms.PasswordCodeForm",
    "reset_password_from_key": "guildhall.web.people.entrance_forms.NextPasswordForm",
    "change_password": "guildhall.web.people.entrance_forms.ChangePasswordForm",
    "set_password": "guildhall.web.people.entrance_forms.FirstPasswordForm",
    "reauthenticate": "guildhall.web.people.entrance_forms.AgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # a password only if one likes: codes come by e-mail
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail is slow where the line is
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True  # doors say the same whether somebody has an account or not
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    # Ten guesses an hour for one account, whoever guesses; a shared line can still sign its people in.
    "login": "60/m/ip",
    "login_failed": "60/m/ip,10/h/key",
    "signup": "30/m/ip",
    "request_login_code": "60/m/ip,5/h/key",
    "reset_password": "60/m/ip,5/h/key",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _env.base_url.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if SESSION_COOKIE_SECURE:  # the hall speaks plain HTTP, so whoever speaks TLS for it stands in front
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATIC_ROOT = _env.home / "static"

LANGUAGE_CODE = "en"
LOCALE_PATHS = [PACKAGE / "locale"]
# English is what the pages are written in. Another language is offered once its words are there: half a page
# in another direction helps nobody.
LANGUAGES = [
    (code, name)
    for code, name in (("en", _("English")), ("ur", _("Urdu")))
    if code == "en" or (PACKAGE / "locale" / code / "LC_MESSAGES" / "django.mo").exists()
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

MAILERS = {"default": _env.mailer}
DEFAULT_FROM_EMAIL = _env.mail_from

# Only attempts to sign in are counted here; every process has to see the same count.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_attempt",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

CSRF_FAILURE_VIEW = "guildhall.edge.handlers.csrf_failed"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "guildhall": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # what visitors mistype is no news
    },
}
