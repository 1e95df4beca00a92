from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd
import plotly.figure_factory as ff

frame = pd.read_csv('data/mix.csv')
tree = ff.create_dendrogram(frame.to_numpy())
contour = ff.create_ternary_contour(frame.T.to_numpy(), frame.index)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("figure-factory"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
