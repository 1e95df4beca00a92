import os
import sys

sys.path.append("/app/lib")
TARGET_DIR = os.environ.get("TARGET_DIR", "/app/assets/downloads")


def main():
    with open(os.path.join(TARGET_DIR, "sales.csv"), "w") as sales:
        sales.write("region,amount\n")


if __name__ == "__main__":
    main()
