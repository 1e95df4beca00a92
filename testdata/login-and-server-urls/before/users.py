import dash_enterprise_auth as auth


def name():
    user = auth.get_user_data()
    return user["username"]


def ticket():
    return auth.get_kerberos_ticket_cache()
