# wrong: what does the query give where there is no row?
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User | None:
    """Show one user."""
    return await session.get(User, user_id)
