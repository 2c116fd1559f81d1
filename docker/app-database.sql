-- Made where they are missing; each role has the password of its volume. `app.role` grants: it finds the role there.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
SELECT 'CREATE ROLE app LOGIN' WHERE to_regrole('app') IS NULL \gexec
SELECT format('ALTER ROLE app PASSWORD %L', :'owner_password') \gexec
SELECT 'CREATE ROLE nightwatch_app LOGIN' WHERE to_regrole('nightwatch_app') IS NULL \gexec
SELECT format('ALTER ROLE nightwatch_app PASSWORD %L', :'app_password') \gexec
SELECT 'CREATE DATABASE app OWNER app'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'app') \gexec
