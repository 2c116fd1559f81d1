#!/bin/sh
# The reference app's database, its owner and the role of the app, each with a password of its own in files that only the app's account can read.
set -eu
umask 077
word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
[ -s /run/owner/password ] || word >/run/owner/password
[ -s /run/app/password ] || word >/run/app/password
[ -s /run/app/token-key ] || word >/run/app/token-key
OWNER_PASSWORD=$(cat /run/owner/password)
APP_PASSWORD=$(cat /run/app/password)
printf 'db:5432:app:app:%s\n' "$OWNER_PASSWORD" >/run/owner/pgpass
printf 'db:5432:app:nightwatch_app:%s\n' "$APP_PASSWORD" >/run/app/pgpass
chown -R 10001 /run/owner /run/app
PGPASSWORD=$(cat /run/workbook/password)
export OWNER_PASSWORD APP_PASSWORD PGPASSWORD
exec psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=/docker/app-database.sql
