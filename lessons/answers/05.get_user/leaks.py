# wrong: who decides which fields leave
@router.get("/{user_id}")
async def get_user(user_id: Id, session: Session) -> dict[str, object]:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return {column.name: getattr(user, column.name) for column in User.__table__.columns}
