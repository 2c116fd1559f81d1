# right: a subquery stands in place of the join; PostgreSQL makes the same plan of it
async def ask(session: AsyncSession) -> None:
    """Store a page for whoever's turn it is, for each incident that is open: once for each."""
    opened = (await session.scalars(select(Incident).where(Incident.status == "open"))).all()
    people = (await session.scalars(select(User).order_by(User.id))).all()
    open_ones = select(Incident.id).where(Incident.status == "open")
    pages = await session.execute(select(Page.incident_id, Page.user_id).where(Page.incident_id.in_(open_ones)))
    known = {(incident_id, user_id) for incident_id, user_id in pages}
    due = []
    for incident in opened:
        team = [user for user in people if user.team_id == incident.team_id]
        user = rules.next_to_page(team, datetime.now(UTC) - incident.opened_at)
        if user is not None and (incident.id, user.id) not in known:
            due.append({"incident_id": incident.id, "user_id": user.id})
    if due:  # in one order: another worker may be asking for the same
        due.sort(key=lambda each: (each["incident_id"], each["user_id"]))
        await session.execute(insert(Page).on_conflict_do_nothing(), due[:1000])
