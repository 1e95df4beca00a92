import os
import sqlite3

from flask import send_file

HISTORY = '../mount/data' + '/history.db'


def rows():
    return sqlite3.connect(HISTORY).execute("select * from history")


def picture(name):
    return send_file(r"/data/pictures/%s.png" % name)


def clean():
    os.system("rm -f /data/tmp/*.csv")
