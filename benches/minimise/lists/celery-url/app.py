from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd

import background

frame = pd.DataFrame({'x': [1]})

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("celery-url"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
