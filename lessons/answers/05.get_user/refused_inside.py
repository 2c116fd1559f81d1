# right: the range is looked at in the function, and the fields are listed
@router.get("/{user_id}")
async def get_user(user_id: int, session: Session) -> dict[str, object]:
    """Show one user."""
    if not 0 < user_id < 2**31:
        raise HTTPException(400, f"{user_id} is no id.")
    columns = (User.id, User.name, User.email, User.role, User.team_id)
    found = (await session.execute(select(*columns).where(User.id == user_id))).mappings().first()
    if found is None:
        raise HTTPException(404, f"No user has the id {user_id}.")
    return dict(found)
