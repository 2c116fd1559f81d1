-- Last night at Nightwatch: two teams, eight incidents, three of them still open.
CREATE TABLE team (
    id   integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL UNIQUE
);

CREATE TABLE incident (
    id        integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    team_id   integer NOT NULL REFERENCES team (id),
    title     text NOT NULL,
    severity  text NOT NULL,
    status    text NOT NULL,
    opened_at timestamptz NOT NULL
);

INSERT INTO team (name) VALUES ('payments'), ('platform');

INSERT INTO incident (team_id, title, severity, status, opened_at) VALUES
    (1, 'Refunds are paid twice',       'critical', 'resolved',     '2026-03-01 22:10:00+00'),
    (2, 'Disk of db-2 is at 91 %',      'minor',    'resolved',     '2026-03-01 23:02:00+00'),
    (1, 'Checkout answers 500',         'critical', 'open',         '2026-03-02 02:58:00+00'),
    (2, 'Certificate expires in 2 days','minor',    'open',         '2026-03-02 01:15:00+00'),
    (1, 'Card provider is slow',        'major',    'acknowledged', '2026-03-02 02:31:00+00'),
    (2, 'Queue grows by 900 a minute',  'major',    'open',         '2026-03-02 03:04:00+00'),
    (2, 'Backup of db-1 did not run',   'major',    'acknowledged', '2026-03-02 00:40:00+00'),
    (1, 'Invoices carry last year',     'minor',    'resolved',     '2026-03-01 20:00:00+00');
