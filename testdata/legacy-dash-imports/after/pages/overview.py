from dash import dash_table
from dash import html as dash_html_components
from dash.dash_table.Format import (
    Format,  # numbers
    Scheme,
)

try:
    from dash import dcc
except ImportError:
    import dash_core_components as dcc


def layout():
    form = Format(precision=2, scheme=Scheme.fixed)
    columns = [{"id": "x", "type": "numeric", "format": form}]
    table = dash_table.DataTable(columns=columns)
    return dash_html_components.Div([table, dcc.Graph(id="graph")])