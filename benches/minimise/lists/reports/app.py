from dash import Dash, Input, Output, callback, dcc, html
import docx
import pandas as pd
import pptx
from jinja2 import Template
from reportlab.pdfgen import canvas

frame = pd.read_excel('data/plan.xlsx')
text = Template('{{ n }}').render(n=len(frame))
paper = canvas.Canvas('report.pdf')
letter = docx.Document()
slides = pptx.Presentation()

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("reports"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
