from dash import Dash, Input, Output, callback, dcc, html
import bcrypt
import flask
import jwt
from flask_login import LoginManager, UserMixin
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.security import check_password_hash

server = flask.Flask(__name__)
server.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///users.db'
db = SQLAlchemy(server)
login = LoginManager(server)
protect = CSRFProtect(server)


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)


def token(user):
    return jwt.encode({'sub': user.id}, 'x'), bcrypt.gensalt(), check_password_hash

app = Dash(__name__, server=server)
app.layout = html.Div(dcc.Location(id='url'))
