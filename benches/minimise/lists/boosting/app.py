from dash import Dash, Input, Output, callback, dcc, html
import io

import lightgbm as lgb
import matplotlib.pyplot as plt
import pandas as pd
import shap
import xgboost as xgb
from sklearn.model_selection import train_test_split

frame = pd.read_csv('data/train.csv')
train, test = train_test_split(frame)
model = xgb.XGBRegressor().fit(train, train)
other = lgb.LGBMRegressor().fit(train, train)
values = shap.TreeExplainer(model).shap_values(test)
plt.savefig(io.BytesIO())

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("boosting"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
