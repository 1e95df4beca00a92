from dash.testing.application_runners import import_app
import pytest


@pytest.fixture
def loaded():
    return import_app('app')


def test_it(dash_duo, loaded):
    dash_duo.start_server(loaded)
