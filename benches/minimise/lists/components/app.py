from dash import Dash, Input, Output, callback, dcc, html
import dash_ag_grid as dag
import dash_mantine_components as dmc
import pandas as pd
from dash_extensions.enrich import DashProxy
from dash_iconify import DashIconify

frame = pd.DataFrame({'x': [1]})
grid = dag.AgGrid(rowData=frame.to_dict('records'))
button = dmc.Button('go', leftIcon=DashIconify(icon='mdi:play'))
proxy = DashProxy

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("components"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
