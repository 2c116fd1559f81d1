# wrong: what would the author of the client like to read?
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    if (user := await session.get(User, user_id)) is None:
        raise HTTPException(404)
    return user
