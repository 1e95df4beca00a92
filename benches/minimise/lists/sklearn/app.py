from dash import Dash, Input, Output, callback, dcc, html
import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

model = joblib.load('model.joblib')
frame = pd.DataFrame(np.eye(3))
other = LinearRegression().fit(frame, frame)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("sklearn"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
