# wrong: does not begin with an instruction of a Dockerfile
FROM python:3.14-slim
WORKDIR /srv
COPY requirements.txt .
INSTALL requirements.txt
COPY . .
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
