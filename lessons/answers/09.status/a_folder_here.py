# right: a folder of this machine stands in the place of the volume; an editor can look into it, and each machine needs such a folder, with the rights for both
STATUS = """
services:
  db:
    image: postgres:18-alpine
    environment: {POSTGRES_USER: pages, POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?set it in .env}"}
    volumes: ["data:/var/lib/postgresql"]
    healthcheck: {test: [CMD, pg_isready, -h, 127.0.0.1], interval: 1s, retries: 60}
  draw:
    build: .
    command: ["python", "draw.py", "/pages/index.html"]
    environment: {DATABASE_URL: "postgresql://pages:${POSTGRES_PASSWORD}@db/pages"}
    volumes: ["./pages:/pages"]
    depends_on:
      db: {condition: service_healthy}
  page:
    image: nginx:1.29-alpine
    volumes: ["./pages:/usr/share/nginx/html"]
    depends_on:
      draw: {condition: service_completed_successfully}
volumes: {data: }
"""
