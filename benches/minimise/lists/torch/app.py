from dash import Dash, Input, Output, callback, dcc, html
import numpy as np
import torch
from PIL import Image
from torchvision import models, transforms

model = models.resnet18()
picture = transforms.ToTensor()(Image.fromarray(np.zeros((9, 9, 3), dtype='uint8')))
answer = torch.argmax(model(picture[None]))

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("torch"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
