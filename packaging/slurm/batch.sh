#!/bin/sh
#SBATCH --job-name=dash-enterprise-5
#SBATCH --array=1-4
#SBATCH --requeue
# One part of a fleet for each task of the array, on a file system that all nodes share:
#   sbatch --array=1-8 --cpus-per-task=8 batch.sh CLONES [OPTION OF dashlift batch]...
# The states of the parts are written into the folder that sbatch was called in. A task that is
# stopped and queued again goes on where it was.
clones=${1:?the folder of clones}
shift
dashlift batch "$clones" --resume \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --state "part-$SLURM_ARRAY_TASK_ID.jsonl" "$@"
code=$?
# Findings that are left (1), parts without an app (3), a result that could not be proven (4) and
# repositories that failed (5) are results, which the report shows: the jobs that wait with
# `afterok` shall start. What is left is an error of the job: wrong usage, a state that cannot be
# written, a signal.
case $code in
  0 | 1 | 3 | 4 | 5) exit 0 ;;
  *) exit "$code" ;;
esac
