# wrong: which server is in requirements.txt
FROM python:3.14-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 10001
CMD ["fastapi", "run", "app/main.py", "--port", "8000"]
