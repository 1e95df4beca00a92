using Dash
