from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd

from tasks import refresh


@callback(Output('graph', 'figure'), Input('button', 'n_clicks'))
def draw(clicks):
    refresh.delay()
    return {'data': pd.DataFrame({'x': [clicks]}).to_dict('records')}

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("celery"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
