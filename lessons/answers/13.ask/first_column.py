# wrong: who is known there: everybody, or the one who was paged?
async def ask(session: AsyncSession) -> None:
    """Store a page for whoever's turn it is, for each incident that is open: once for each."""
    opened = (await session.scalars(select(Incident).where(Incident.status == "open"))).all()
    people = (await session.scalars(select(User).order_by(User.id))).all()
    ids = [each.id for each in opened]
    known = set(
        await session.scalars(
            select(Page.incident_id, Page.user_id).where(Page.incident_id.in_(ids))
        )
    )
    due = []
    for incident in opened:
        if incident.id in known:
            continue
        team = [user for user in people if user.team_id == incident.team_id]
        user = rules.next_to_page(team, datetime.now(UTC) - incident.opened_at)
        if user is not None:
            due.append({"incident_id": incident.id, "user_id": user.id})
    if due:
        due.sort(key=lambda each: (each["incident_id"], each["user_id"]))
        await session.execute(insert(Page).on_conflict_do_nothing(), due)
