from dash import Dash, Input, Output, callback, dcc, html
import datetime

import pandas_datareader.data as web
import pytz
import statsmodels.api as sm
import yfinance as yf
from dateutil.relativedelta import relativedelta

end = datetime.datetime.now(pytz.utc)
prices = yf.download('MSFT', end - relativedelta(years=1), end)
rates = web.DataReader('DGS10', 'fred', end - relativedelta(years=1), end)
fit = sm.OLS(prices.Close, sm.add_constant(rates)).fit()

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("finance"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
