# wrong: what would the author of the client like to read?
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, "There is no user 999.")
    return user
