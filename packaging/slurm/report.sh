#!/bin/sh
#SBATCH --job-name=dash-enterprise-5-report
# The page of a whole fleet, when all tasks of batch.sh are done:
#   sbatch --dependency=afterok:JOB report.sh
exec dashlift report part-*.jsonl --output fleet.html
