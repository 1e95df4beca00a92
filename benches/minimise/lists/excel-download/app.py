from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd


@callback(Output('download', 'data'), Input('button', 'n_clicks'))
def download(clicks):
    frame = pd.DataFrame({'x': [clicks]})
    return dcc.send_data_frame(frame.to_excel, 'report.xlsx', engine='xlsxwriter')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("excel-download"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
