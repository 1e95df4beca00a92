from dash import Dash, Input, Output, callback, dcc, html
import community as community_louvain
import networkx as nx
import pandas as pd
from networkx.drawing.nx_pydot import graphviz_layout

graph = nx.from_pandas_edgelist(pd.DataFrame({'source': [1], 'target': [2]}))
groups = community_louvain.best_partition(graph)
places = graphviz_layout(graph)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("graph"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
