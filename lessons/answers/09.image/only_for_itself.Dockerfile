# wrong: where do the requests come from, seen from inside?
FROM python:3.14-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 10001
CMD ["uvicorn", "app.main:app", "--port", "8000", "--timeout-graceful-shutdown", "20"]
