"""A Celery worker whose broker is SQS. Run by habits.sh, which sets AWS_ENDPOINT_URL."""

import os
import threading
from urllib.parse import urlsplit

from celery import Celery
from celery.contrib.testing.worker import start_worker

place = urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc
app = Celery("habits", broker=f"sqs://test:test@{place}", backend="cache+memory://")
app.conf.broker_transport_options = {
    "region": "us-east-1",
    "is_secure": False,
    "visibility_timeout": 30,
    "wait_time_seconds": 1,
    "queue_name_prefix": "habits-",
}
app.conf.worker_hijack_root_logger = False
app.conf.broker_connection_retry_on_startup = True

done = threading.Event()
tries = []


@app.task(bind=True, max_retries=3)
def add(self, a, b):
    tries.append(a + b)
    if len(tries) < 3:
        raise self.retry(countdown=0)
    done.set()


with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
    add.delay(1, 2)
    assert done.wait(60), tries
assert tries == [3, 3, 3], tries
print("Celery: a task was tried three times")
