mkdir -p ~/.streamlit
