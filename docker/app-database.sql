-- Made where they are missing; the role has the password of this volume.
\getenv password APP_PASSWORD
SELECT 'CREATE ROLE app LOGIN' WHERE to_regrole('app') IS NULL \gexec
SELECT format('ALTER ROLE app PASSWORD %L', :'password') \gexec
SELECT 'CREATE DATABASE app OWNER app'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'app') \gexec
