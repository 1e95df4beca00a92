import streamlit as st

st.title("Cities")
