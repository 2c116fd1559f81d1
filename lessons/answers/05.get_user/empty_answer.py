# wrong: which status says that there is no such thing?
@router.get("/{user_id}", response_model=UserOut | None)
async def get_user(user_id: Id, session: Session) -> User | None:
    """Show one user."""
    return await session.get(User, user_id)
