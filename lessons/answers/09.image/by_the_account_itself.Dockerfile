# right: the account itself installs the packages, into its home folder
FROM python:3.14-slim
WORKDIR /srv
COPY requirements.txt .
RUN useradd -m web
USER web
ENV PATH=/home/web/.local/bin:$PATH
RUN pip install --user -r requirements.txt
COPY . .
USER web
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
