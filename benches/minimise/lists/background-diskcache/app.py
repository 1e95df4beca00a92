from dash import Dash, Input, Output, callback, dcc, html
import diskcache
from dash import DiskcacheManager

cache = diskcache.Cache('./cache')
manager = DiskcacheManager(cache)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("background-diskcache"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
