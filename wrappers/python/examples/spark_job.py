"""Spark: a folder of Parquet files in, another out, each batch decided where it lies.

    python spark_job.py people.parquet levels.parquet
"""

import os
import sys

import nengli
from pyspark.sql import SparkSession

source, target = sys.argv[1:]
RESULTS = ["status", "level", "total", "reason"]


def decide(batches):
    for batch in batches:
        yield nengli.assess_batch(
            batch, "gbt-42195-2022", keep=["id"], results=RESULTS, threads=1, plain=True
        )


# The workers take the Python that has nengli: this one.
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
spark = SparkSession.builder.master("local[2]").getOrCreate()
people = spark.read.parquet(source)
# To Spark a dot is a path: B_1_1 is as good a name as B.1.1.
people = people.toDF(*(name.replace(".", "_") for name in people.columns))
people.mapInArrow(decide, "id long, status string, level byte, total byte, reason string").write.parquet(target)
spark.read.parquet(target).groupBy("level").count().orderBy("level").show()
