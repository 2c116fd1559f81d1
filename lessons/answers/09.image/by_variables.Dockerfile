# right: variables hold the version of Python, and the number of the account
ARG TAG=3.11-slim
FROM python:${TAG}
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
ARG UID=10001
ENV ACCOUNT=$UID
USER ${ACCOUNT}
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
