DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "shop",
        "PASSWORD": "«k9!{{base62:12}}»",
    }
}
EMAIL_HOST_PASSWORD = "«{{base62:16}}»"
CACHES = {"default": {"LOCATION": "redis://:«{{base62:18}}»@cache.acme.dev:6379/1"}}
client = MongoClient(host="a.acme.dev", username="shop", password="«{{base62:16}}»")
conn = psycopg2.connect("dbname=shop user=shop password=«{{base62:16}}» host=db.acme.dev")
conn = pyodbc.connect("DRIVER={ODBC Driver 18 for SQL Server};SERVER=db;UID=sa;PWD=«k9!{{base62:14}}»")
server.login("mailer@acme.dev", "«{{base62:16}}»")
ldap.simple_bind_s("cn=admin,dc=acme", "«{{base62:16}}»")
