-- The reference app's own role and database, made where they are missing.
\getenv password PGPASSWORD
SELECT format('CREATE ROLE app LOGIN PASSWORD %L', :'password') WHERE to_regrole('app') IS NULL \gexec
SELECT 'CREATE DATABASE app OWNER app'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'app') \gexec
