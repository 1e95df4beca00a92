from dash import Dash, Input, Output, callback, dcc, html
import io

import nltk
import pandas as pd
from PIL import Image
from textblob import TextBlob
from wordcloud import WordCloud

frame = pd.DataFrame({'word': nltk.word_tokenize('some text')})
cloud = WordCloud().generate(' '.join(frame.word))
picture = Image.open(io.BytesIO(cloud.to_image().tobytes()))
mood = TextBlob('fine').sentiment

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("nlp"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
