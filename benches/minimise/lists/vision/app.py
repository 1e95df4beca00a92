from dash import Dash, Input, Output, callback, dcc, html
import cv2
import numpy as np
from PIL import Image
from skimage import filters

picture = np.asarray(Image.open('a.png'))
edges = cv2.Canny(picture, 100, 200)
soft = filters.gaussian(picture)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("vision"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
