from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd
import requests
from bs4 import BeautifulSoup

page = requests.get('https://www.example.com').text
soup = BeautifulSoup(page, 'lxml')
tables = pd.read_html(page)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("scraping"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
