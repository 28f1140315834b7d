"""The outbox: a durable queue of what is still to be sent, in SQLite or PostgreSQL.

`notify.outbox.celery` has Celery deliver what is in it; `notify worker` does without Celery. Both need the extra
`outbox`, so that nothing is imported here.
"""
