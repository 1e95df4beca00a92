from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd
import plotly.express as px

frame = pd.DataFrame({'x': [1], 'y': [2]})
picture = px.bar(frame, x='x', y='y').to_image(format='png')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("image-export"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
