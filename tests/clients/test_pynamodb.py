"""A small program on PynamoDB against the emulator. Run by more.sh, which sets SKYRIG to the binary."""

import os
import re
import subprocess
import unittest
from datetime import timedelta

from pynamodb.attributes import (
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    TTLAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    VersionAttribute,
)
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, PutError, TableError, TransactWriteError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, LocalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite


class ByStatus(GlobalSecondaryIndex):
    class Meta:
        index_name = "by-status"
        projection = AllProjection()

    status = UnicodeAttribute(hash_key=True)
    total = NumberAttribute(range_key=True)


class ByTotal(LocalSecondaryIndex):
    class Meta:
        index_name = "by-total"
        projection = AllProjection()

    customer = UnicodeAttribute(hash_key=True)
    total = NumberAttribute(range_key=True)


class Order(Model):
    class Meta:
        table_name = "orders"
        billing_mode = "PAY_PER_REQUEST"
        region = "us-east-1"
        host = None

    customer = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    status = UnicodeAttribute(default="new")
    total = NumberAttribute(default=0)
    tags = UnicodeSetAttribute(null=True)
    lines = ListAttribute(default=list)
    note = JSONAttribute(null=True)
    version = VersionAttribute()
    expires = TTLAttribute(null=True)
    by_status = ByStatus()
    by_total = ByTotal()


class PynamoDb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = [os.environ["SKYRIG"], "serve", "--listen", "127.0.0.1:0"]
        cls.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = cls.server.stdout.readline()
        Order.Meta.host = re.search(r"http://\S+", line).group()
        Order.create_table(wait=True)

    @classmethod
    def tearDownClass(cls):
        Order.delete_table()
        cls.server.terminate()
        cls.server.wait(timeout=10)
        cls.server.stdout.close()

    def test_the_table_is_there_and_its_items_expire(self):
        self.assertTrue(Order.exists())
        # Whoever makes the table has turned it on.
        with self.assertRaisesRegex(TableError, "TimeToLive is already enabled"):
            Order.update_ttl(ignore_update_ttl_errors=False)
        described = Order.describe_table()
        self.assertEqual(described["TableStatus"], "ACTIVE")

    def test_items_come_back(self):
        Order("a", 1, total=7, tags={"x", "y"}, lines=[1, {"k": "v"}], note={"n": None}).save()
        found = Order.get("a", 1)
        self.assertEqual((found.total, found.tags, found.version), (7, {"x", "y"}, 1))
        self.assertEqual(found.note, {"n": None})
        found.update(actions=[Order.total.add(3), Order.status.set("paid"), Order.tags.delete({"x"})])
        found.refresh()
        self.assertEqual((found.total, found.status, found.version), (10, "paid", 2))
        stale = Order("a", 1, total=1)
        with self.assertRaises(PutError) as refused:
            stale.save()
        self.assertEqual(refused.exception.cause_response_code, "ConditionalCheckFailedException")
        with self.assertRaises(DeleteError):
            found.delete(condition=Order.total == 1)
        found.delete()
        with self.assertRaises(Order.DoesNotExist):
            Order.get("a", 1)

    def test_batches_queries_and_scans(self):
        with Order.batch_write() as batch:
            for number in range(60):
                batch.save(Order("b", number, total=number % 7, status="even" if number % 2 == 0 else "odd"))
        self.assertEqual(Order.count("b"), 60)
        self.assertEqual([o.number for o in Order.query("b", Order.number.between(3, 5))], [3, 4, 5])
        found = Order.query("b", filter_condition=Order.total.is_in(1, 2) & (Order.status == "odd"))
        self.assertTrue(all(o.total in (1, 2) and o.number % 2 for o in found))
        even = list(Order.by_status.query("even", Order.total >= 5, page_size=3))
        self.assertEqual(sorted({o.total for o in even}), [5, 6])
        last = list(Order.by_total.query("b", scan_index_forward=False, limit=1))
        self.assertEqual(last[0].total, 6)
        self.assertEqual(len(list(Order.batch_get([("b", n) for n in range(0, 120)]))), 60)
        first = Order.query("b", limit=10, page_size=10)
        self.assertEqual(len(list(first)), 10)
        rest = Order.query("b", last_evaluated_key=first.last_evaluated_key)
        self.assertEqual(len(list(rest)), 50)
        segments = [list(Order.scan(Order.customer == "b", segment=s, total_segments=3)) for s in range(3)]
        self.assertEqual(sum(map(len, segments)), 60)

    def test_transactions(self):
        connection = Connection(host=Order.Meta.host, region="us-east-1")
        with TransactWrite(connection=connection) as transaction:
            transaction.save(Order("t", 1, total=5))
            transaction.save(Order("t", 2, total=6))
        with TransactGet(connection=connection) as transaction:
            one = transaction.get(Order, "t", 1)
        self.assertEqual(one.get().total, 5)
        with self.assertRaises(TransactWriteError) as refused:
            with TransactWrite(connection=connection) as transaction:
                transaction.condition_check(Order, "t", 2, condition=Order.total == 7)
                transaction.delete(one.get())
        reasons = refused.exception.cancellation_reasons
        self.assertEqual(reasons[0].code, "ConditionalCheckFailed")
        self.assertIsNone(reasons[1])

    def test_items_with_a_lifetime(self):
        Order("x", 1, expires=timedelta(days=1)).save()
        self.assertIsNotNone(Order.get("x", 1).expires)


if __name__ == "__main__":
    unittest.main()
